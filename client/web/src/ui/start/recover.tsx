// Every device of a team is lost: in again with the key from paper.

import { useState } from "preact/hooks";
import { call, problemText } from "../core.ts";
import { AreaField, TextField } from "../parts/field.tsx";
import { side, t } from "../words.ts";
import { StartPage } from "./page.tsx";

export function RecoverPage({ link, onLink }: { link: string; onLink: (link: string) => void }) {
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<{ link: string; said: string }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await call("recover", { link, key: key.trim(), name: name.trim() });
      setDone({ link: answer.link, said: side(answer.said) });
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  if (done) {
    return (
      <StartPage title={t("web-recover-title")}>
        <section class="sheet stack">
          <p>{done.said}</p>
          <button type="button" class="button main" onClick={() => onLink(done.link)}>
            {t("web-recover-join")}
          </button>
        </section>
      </StartPage>
    );
  }
  return (
    <StartPage title={t("web-recover-title")} lead={t("web-recover-lead")}>
      <form class="sheet stack" onSubmit={submit}>
        <AreaField label={t("web-recover-key")} help={t("web-recover-key-help")} value={key} rows={3} required onText={setKey} />
        <TextField label={t("web-recover-name")} required value={name} autocomplete="name" onText={setName} />
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row">
          <button type="submit" class="button main" disabled={busy}>
            {t("web-recover-go")}
          </button>
        </div>
      </form>
    </StartPage>
  );
}
