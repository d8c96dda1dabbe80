// Passkeys: asks the device for one, or to make one, and sends the form with what it answered.
// A form says what it wants in data-passkey, and where the options are in data-options: the id of a JSON
// element of the page, or an address to ask for them. Browsers that know no passkeys never see the form.

const known = Boolean(
  window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.prototype.toJSON,
);

async function optionsOf(form) {
  const place = form.dataset.options;
  if (!place.startsWith("/")) return JSON.parse(document.getElementById(place).textContent);
  const answer = await fetch(place, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "get") {
    const wanted = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
    return navigator.credentials.get({ publicKey: wanted });
  }
  const wanted = options.creation_options.publicKey;
  wanted.authenticatorSelection = {
    ...wanted.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
}

function sentenceFor(error) {
  if (error.name === "InvalidStateError") return "This device keeps a passkey for you already.";
  if (error.name === "NotAllowedError") return "Nothing was done: your device was not asked, or said no. Try again.";
  return "That did not work. Try again, or sign in in another way.";
}

async function use(form, button) {
  const problem = form.querySelector(".field-error[hidden], .field-error[data-told]");
  problem.hidden = true;
  button.disabled = true;
  try {
    const credential = await credentialFor(form);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    problem.textContent = sentenceFor(error);
    problem.dataset.told = "yes";
    problem.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !known;
  const button = form.querySelector("button[type=button]");
  button.addEventListener("click", () => use(form, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use(form, button);
  });
}
for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = known;
