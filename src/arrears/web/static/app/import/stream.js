// Reads an answer of one JSON object a line while it is still being sent.

const SIGNED_OUT = "You have been signed out. Reload the page and sign in again.";
const NO_ANSWER = "The server could not answer. Try again; if it stays so, reload the page.";
const CUT_OFF = "The connection was cut off.";

// Calls `onPart` with each object. Gives "" for a complete answer, "told" for one that said itself what went
// wrong, else a sentence.
export async function read(address, body, onPart, signal) {
  try {
    const answer = await fetch(address, { method: "POST", body, signal });
    const isStream = (answer.headers.get("content-type") ?? "").startsWith("application/x-ndjson");
    if (answer.ok && isStream) return await consume(answer.body, onPart);
    return answer.redirected || answer.status === 403 ? SIGNED_OUT : NO_ANSWER;
  } catch (error) {
    if (error.name === "AbortError") return "Stopped by you.";
    if (error instanceof TypeError || error.name === "NetworkError") return CUT_OFF;
    throw error;
  }
}

async function consume(stream, onPart) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "",
    complete = false,
    told = false;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (!line) continue;
      const part = JSON.parse(line);
      told ||= Boolean(part.problem);
      complete ||= part.done === true;
      onPart(part);
    }
  }
  if (complete) return "";
  return told ? "told" : CUT_OFF;
}
