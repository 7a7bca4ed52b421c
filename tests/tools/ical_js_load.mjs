// What the judge and the client model share: ical.js, set to be strict, and events as plain values.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export async function load(modules) {
  const folder = join(resolve(modules), "ical.js");
  const { version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const ICAL = (await import(pathToFileURL(join(folder, main)))).default;
  ICAL.design.strict = true;

  const moment = (time) => new Date(time.toUnixTime() * 1000).toISOString().replace(".000", "");

  function when(time) {
    if (time.isDate) return time.toString();
    if (time.zone.tzid === "floating") throw new Error(`${time} has no zone`);
    return moment(time);
  }

  function plain(component) {
    const event = new ICAL.Event(component, { strictExceptions: true });
    if (event.endDate.compare(event.startDate) <= 0) throw new Error(`${event.uid} ends before it starts`);
    const value = (name) => component.getFirstPropertyValue(name) ?? "";
    return {
      uid: event.uid,
      sequence: event.sequence ?? 0,
      modified: moment(value("last-modified")),
      start: when(event.startDate),
      end: when(event.endDate),
      summary: event.summary ?? "",
      location: event.location ?? "",
      status: value("status"),
      transp: value("transp"),
      description: event.description ?? "",
      categories: component.getAllProperties("categories").flatMap((line) => line.getValues()).sort(),
      url: value("url"),
      busy: value("x-microsoft-cdo-busystatus"),
    };
  }

  // The events of a calendar. Throws where strict reading does, and where bytes aren't UTF-8.
  function events(bytes) {
    const calendar = new ICAL.Component(ICAL.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    ICAL.TimezoneService.reset();
    for (const zone of calendar.getAllSubcomponents("vtimezone"))
      ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    return calendar.getAllSubcomponents("vevent").map(plain);
  }

  return { name: `ical.js ${version}`, events };
}
