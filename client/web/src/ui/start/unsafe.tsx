// The page came over plain http from another machine: browsers keep no keys for such a page.

import { t } from "../words.ts";
import { StartPage } from "./page.tsx";

export function UnsafePage() {
  const safe = new URL(location.href);
  safe.protocol = "https:";
  return (
    <StartPage title={t("web-unsafe-title")} lead={t("web-unsafe-lead")}>
      <section class="sheet stack">
        <p>{t("web-unsafe-try")}</p>
        <p class="row">
          <a class="button main" href={safe.href}>
            {t("web-unsafe-go", { host: location.host })}
          </a>
        </p>
        <p class="soft">{t("web-unsafe-operator")}</p>
      </section>
    </StartPage>
  );
}
