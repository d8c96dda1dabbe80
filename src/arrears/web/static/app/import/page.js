// The parts of the page that every module here uses.

export const page = document.getElementById("import");
export const $ = (id) => document.getElementById(id);
export const mayImport = page?.dataset.mayImport === "yes";

export const counted = (n, one, many = one + "s") => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

// An element with text and children: text never becomes markup.
export function made(tag, { text, ...rest } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${page.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

// Said by screen readers once things have settled: only the last of what comes in quick succession.
let waiting;
export function announce(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    $("announce").textContent = text;
  }, 700);
}

// What the browser remembers of how somebody likes the page; never anything about an invoice.
export const liking = {
  get(name) {
    try {
      return localStorage.getItem(`arrears.import.${name}`);
    } catch {
      return null; // storage is switched off
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`arrears.import.${name}`, value);
    } catch {
      // Storage is switched off or full: the choice holds until the page is closed.
    }
  },
};
