// The founding link: who the two teams are, and what to begin with.

import { useState } from "preact/hooks";
import type { City } from "../../core/contract.ts";
import { problemText, seen } from "../core.ts";
import { Options, SelectField, TextField } from "../parts/field.tsx";
import { lang, side, t } from "../words.ts";
import { begin } from "./beginning.ts";
import { StartPage } from "./page.tsx";

const MOSCOW = "Europe/Moscow";
const NEW_YORK = "America/New_York";

type Wish = { name: string; zone: string };

export function FoundPage({ link }: { link: string }) {
  const cities = seen("cities", {})?.cities ?? [];
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const ownZone = cities.some((city) => city.zone === here) ? here : lang.value === "ru" ? MOSCOW : NEW_YORK;
  const [own, setOwn] = useState<Wish>({ name: "", zone: "" });
  const [other, setOther] = useState<Wish>({ name: "", zone: "" });
  const [me, setMe] = useState("");
  const [lead, setLead] = useState("");
  const [first, setFirst] = useState("matrix");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    const mine = own.zone || ownZone;
    const theirs = other.zone || (mine === MOSCOW ? NEW_YORK : MOSCOW);
    try {
      const teams = [
        { name: own.name.trim(), zone: mine, language: lang.value },
        { name: other.name.trim(), zone: theirs },
      ];
      await begin({ link, teams, me: me.trim(), lead: lead.trim(), kind: first });
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };

  const mine = own.zone || ownZone;
  const theirs = other.zone || (mine === MOSCOW ? NEW_YORK : MOSCOW);
  return (
    <StartPage title={t("web-found-title")} lead={t("web-found-lead")}>
      <form class="stack wide" onSubmit={submit}>
        <div class="teams">
          <TeamFields
            legend={t("web-found-own")}
            cities={cities}
            name={own.name}
            zone={mine}
            example={t("web-found-own-example")}
            person={me}
            personLabel={t("web-found-me")}
            personExample={t("web-found-me-example")}
            autocomplete="name"
            onName={(name) => setOwn({ ...own, name })}
            onZone={(zone) => setOwn({ ...own, zone })}
            onPerson={setMe}
          />
          <TeamFields
            legend={t("web-found-other")}
            cities={cities}
            name={other.name}
            zone={theirs}
            example={t("web-found-other-example")}
            person={lead}
            personLabel={t("web-found-lead-name")}
            personExample={t("web-found-lead-example")}
            onName={(name) => setOther({ ...other, name })}
            onZone={(zone) => setOther({ ...other, zone })}
            onPerson={setLead}
          />
        </div>
        <Options
          legend={t("web-found-first")}
          name="first"
          value={first}
          options={["matrix", "brief", "playbook"].map((kind) => ({
            value: kind,
            label: t(`web-begin-${kind}`),
            help: t(`web-begin-${kind}-help`),
          }))}
          onPick={setFirst}
        />
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row">
          <button type="submit" class="button main large" disabled={busy}>
            {busy ? t("web-found-busy") : t("web-found-go")}
          </button>
          <span class="soft fine">{t("web-found-next")}</span>
        </div>
      </form>
    </StartPage>
  );
}

type TeamProps = {
  legend: string;
  cities: City[];
  name: string;
  zone: string;
  example: string;
  person: string;
  personLabel: string;
  personExample: string;
  autocomplete?: "name";
  onName: (name: string) => void;
  onZone: (zone: string) => void;
  onPerson: (person: string) => void;
};

function TeamFields(team: TeamProps) {
  const sorted = team.cities
    .map((city) => ({ value: city.zone, label: side(city.label) }))
    .sort((one, two) => one.label.localeCompare(two.label, lang.value));
  return (
    <fieldset class="sheet stack">
      <legend>{team.legend}</legend>
      <TextField label={t("web-team-name")} placeholder={team.example} required maxLength={80} value={team.name} onText={team.onName} />
      <SelectField label={t("web-team-city")} value={team.zone} options={sorted} onPick={team.onZone} />
      <TextField
        label={team.personLabel}
        placeholder={team.personExample}
        required
        maxLength={80}
        autocomplete={team.autocomplete ?? "off"}
        value={team.person}
        onText={team.onPerson}
      />
    </fieldset>
  );
}
