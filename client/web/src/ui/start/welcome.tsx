// Nothing is open here yet: paste a link, or open a partnership that this browser has.

import { useState } from "preact/hooks";
import { attempt, call, problemText, seen } from "../core.ts";
import { TextField } from "../parts/field.tsx";
import { date } from "../times.ts";
import { side, t } from "../words.ts";
import { StartPage } from "./page.tsx";

export function WelcomePage({ problem: before, onLink }: { problem?: string; onLink: (link: string) => void }) {
  const app = seen("app", {});
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState(before ?? "");
  const open = async (event: Event) => {
    event.preventDefault();
    try {
      const read = await call("read-link", { link: link.trim() });
      if (read.is === "none") setProblem(t("web-link-none"));
      else onLink(link.trim());
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <StartPage title={t("web-welcome-title")} lead={t("web-welcome-lead")}>
      {app && app.profiles.length > 0 && (
        <section class="sheet stack" aria-labelledby="here-title">
          <h2 id="here-title">{t("web-welcome-here")}</h2>
          <ul class="lines">
            {app.profiles.map((profile) => (
              <li class="row apart" key={profile.id}>
                <span>
                  <strong>{side(profile.title)}</strong> <small>{date(profile.used_ms)}</small>
                </span>
                <button type="button" class="button" onClick={() => attempt(call("open", { profile: profile.id }))}>
                  {t("web-open")}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <form class="sheet stack" onSubmit={open}>
        <TextField
          label={t("web-welcome-link")}
          help={t("web-welcome-link-help")}
          problem={problem}
          placeholder="https://…"
          type="url"
          required
          value={link}
          autocomplete="off"
          onText={(text) => {
            setLink(text);
            setProblem("");
          }}
        />
        <div class="row">
          <button type="submit" class="button main">
            {t("web-continue")}
          </button>
        </div>
      </form>
    </StartPage>
  );
}
