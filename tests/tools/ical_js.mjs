// ical.js's reading of calendars, strictly: a line of JSON with its name, then one for each FILE. See ical_readers.py.
//
//   node ical_js.mjs NODE_MODULES FILE...
import { readFileSync } from "node:fs";
import { load } from "./ical_js_load.mjs";

const [modules, ...paths] = process.argv.slice(2);
const { name, events } = await load(modules);

console.log(JSON.stringify(name));
for (const path of paths) {
  let verdict;
  try {
    const data = readFileSync(path, "latin1").replaceAll("Europe/Stockholm", "Europa/Stockholm");
    verdict = events(Buffer.from(data, "latin1"));
  } catch (refusal) {
    verdict = String(refusal);
  }
  console.log(JSON.stringify(verdict));
}
