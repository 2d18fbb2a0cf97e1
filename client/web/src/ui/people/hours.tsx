// A team's working hours and holidays.

import { useState } from "preact/hooks";
import { call, problemText, seen } from "../core.ts";
import { teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField, TextField } from "../parts/field.tsx";
import { say } from "../parts/toast.tsx";
import { side, t } from "../words.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Weekly hours with the days as the reader calls them: `пн-пт 10:00-19:00`. */
function inWords(work: string): string {
  return DAYS.reduce((text, day) => text.replaceAll(day, t(`weekday-${day.toLowerCase()}`)), work);
}

/** The same as the ground rules keep them. */
function asKept(text: string): string {
  const one = (text: string, day: string) => text.replace(new RegExp(t(`weekday-${day.toLowerCase()}`), "giu"), day);
  return DAYS.reduce(one, text.replaceAll("–", "-"));
}

export function Hours({ party, onClose }: { party: string; onClose: () => void }) {
  const team = seen("setting", {})?.parties.find((one) => one.party === party);
  const [work, setWork] = useState(inWords(team?.work ?? ""));
  const [holidays, setHolidays] = useState(team?.holidays ?? "");
  const [problem, setProblem] = useState("");
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await call("set-calendar", { party, work: asKept(work.trim()), holidays: holidays.trim() });
      say(answer.became === "suggested" ? side(answer.said) : t("web-saved"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-hours-of", { party: teamLabel(party) })} onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <TextField label={t("web-hours")} help={t("web-hours-help")} value={work} required problem={problem} onText={setWork} />
        <AreaField label={t("web-holidays")} help={t("web-holidays-help")} value={holidays} rows={3} onText={setHolidays} />
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
