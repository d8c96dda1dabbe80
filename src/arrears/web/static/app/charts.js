// Draws each chart from the table beside it. Without this the tables stand there as they are.

const QUIET = matchMedia("(prefers-reduced-motion: reduce)");
const MOST_BARS = 8; // of a chart with bars across; its table has the rest
const ROW_HEIGHT = 34;

// What a colour variable comes to: charts are painted, and paint knows no variables.
function colour(name, probe) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

function palette(space) {
  const probe = document.createElement("span");
  space.append(probe);
  const found = Object.fromEntries(
    ["brand", "ink", "quiet", "line"].map((name) => [name, colour(`--${name}`, probe)]),
  );
  const font = getComputedStyle(probe).fontFamily;
  probe.remove();
  return { ...found, font };
}

function rowsOf(figure) {
  return [...figure.querySelectorAll("tbody tr")].map((row) => ({
    label: row.querySelector("th").textContent.trim(),
    href: row.querySelector("th a")?.getAttribute("href") ?? "",
    value: Number(row.dataset.value),
    said: row.dataset.said,
  }));
}

function across(rows, colours) {
  const words = { color: colours.quiet, width: 150, overflow: "truncate", fontSize: 13 };
  return {
    grid: { left: 160, right: 110, top: 4, bottom: 4 },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row.label), axisLabel: words,
      axisLine: { show: false }, axisTick: { show: false } },
    xAxis: { type: "value", show: false },
    label: { show: true, position: "right", color: colours.ink, fontSize: 13 },
  };
}

const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact" });

function up(rows, colours) {
  const words = { color: colours.quiet, fontSize: 12, hideOverlap: true };
  return {
    grid: { left: 48, right: 8, top: 12, bottom: 28 },
    xAxis: { type: "category", data: rows.map((row) => row.label), axisLabel: words,
      axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false } },
    yAxis: { type: "value", splitNumber: 4, axisLabel: { ...words, formatter: (value) => SHORT.format(value) },
      splitLine: { lineStyle: { color: colours.line } } },
    label: { show: false },
  };
}

function options(figure, rows, colours) {
  const { label, ...axes } = (figure.dataset.chart === "up" ? up : across)(rows, colours);
  const shown = { ...label, formatter: ({ dataIndex }) => (rows[dataIndex].value ? rows[dataIndex].said : "") };
  return {
    ...axes,
    animation: !QUIET.matches,
    animationDuration: 300,
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: [{ symbol: "rect", dashArrayX: [1, 0],
      dashArrayY: [2, 6], rotation: Math.PI / 4, color: "rgba(127, 127, 127, 0.28)" }] } },
    color: [colours.brand],
    textStyle: { fontFamily: colours.font },
    series: [{ type: "bar", data: rows.map((row) => row.value), barMaxWidth: 22, label: shown,
      labelLayout: { hideOverlap: true }, itemStyle: { borderRadius: 3 } }],
  };
}

function draw(figure) {
  const rows = rowsOf(figure);
  if (!rows.length) return;
  const isAcross = figure.dataset.chart === "across";
  const drawn = isAcross ? rows.slice(0, MOST_BARS) : rows;
  const space = figure.querySelector(".chart-space");
  space.hidden = false;
  space.style.height = `${isAcross ? drawn.length * ROW_HEIGHT : 220}px`;
  figure.querySelector("details").open = false;
  // Painted, not built of elements: what may run or be styled on a page is decided by its policy alone.
  const chart = globalThis.echarts.init(space, null, { renderer: "canvas" });
  const paint = () => chart.setOption(options(figure, drawn, palette(space)), true);
  paint();
  chart.on("click", ({ dataIndex }) => drawn[dataIndex].href && location.assign(drawn[dataIndex].href));
  document.addEventListener("themechange", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new ResizeObserver(() => chart.resize()).observe(space);
}

if (globalThis.echarts) for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
