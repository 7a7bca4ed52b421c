// A calendar program on ical.js that subscribes to feeds, as they do: it asks with conditions, and knows an event again
// by its UID. A change counts only if SEQUENCE and LAST-MODIFIED went up, as Google has it; what is no longer in the
// feed goes. What such a program would show wrong is a fault.
//
//   node feed_client.mjs NODE_MODULES
//
// reads a line of JSON for each poll, {"subscriber", "url", "by": "tag" | "date"}, and answers it with one:
// {"status", "events", "happened", "faults"}. `happened` is what a person sees change: [what, event].
import { createInterface } from "node:readline";
import { load } from "./ical_js_load.mjs";

const { events: read } = await load(process.argv[2]);
const subscribers = new Map();

function conditions({ tag, date }, by) {
  if (by === "tag" && tag) return { "If-None-Match": tag };
  if (by === "date" && date) return { "If-Modified-Since": date };
  return {};
}

const shown = ({ sequence, modified, ...what }) => JSON.stringify(what);

function merge(known, found) {
  const happened = [], faults = [], now = new Map();
  for (const event of found) {
    const before = known.get(event.uid);
    if (now.has(event.uid)) faults.push(`${event.uid} comes twice`);
    now.set(event.uid, event);
    if (!before) {
      happened.push(["new", event]);
    } else if (event.sequence < before.sequence) {
      faults.push(`SEQUENCE of ${event.uid} went down`);
    } else if (shown(event) !== shown(before)) {
      if (event.sequence === before.sequence || event.modified <= before.modified) {
        faults.push(`${event.uid} changed, and SEQUENCE and LAST-MODIFIED didn't go up: it is shown as it was`);
        now.set(event.uid, before);
      } else {
        happened.push([event.status === "CANCELLED" ? "cancelled" : "updated", event]);
      }
    }
  }
  for (const [uid, event] of known) if (!now.has(uid)) happened.push(["gone", event]);
  return { now, happened, faults };
}

async function poll({ subscriber, url, by }) {
  const own = subscribers.get(subscriber) ?? { known: new Map() };
  subscribers.set(subscriber, own);
  const answer = await fetch(url, { headers: { Accept: "text/calendar", ...conditions(own, by) } });
  const body = Buffer.from(await answer.arrayBuffer());
  const told = { status: answer.status, happened: [], faults: [] };
  if (answer.status === 200) {
    const { now, happened, faults } = merge(own.known, read(body));
    Object.assign(own, { known: now, tag: answer.headers.get("etag"), date: answer.headers.get("last-modified") });
    Object.assign(told, { happened, faults });
  } else if (answer.status !== 304) {
    told.faults.push(`it answers ${answer.status}`);
  }
  return { ...told, events: [...own.known.values()] };
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await poll(JSON.parse(line))));
