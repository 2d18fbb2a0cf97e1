// What happened that the reader should hear of, until they put it away.

import { isUpdateReady, startUpdate } from "../../core/update.ts";
import { attempt, call, seen } from "../core.ts";
import { Icon } from "../parts/icon.tsx";
import { when } from "../times.ts";
import { side, t } from "../words.ts";

export function Notices() {
  const app = seen("app", {});
  if (!app) return null;
  return (
    <div class="notices stack no-print">
      {isUpdateReady.value && (
        <div class="note good row apart">
          <p>{t("web-new-version")}</p>
          <button type="button" class="button small" onClick={startUpdate}>
            {t("web-new-version-go")}
          </button>
        </div>
      )}
      {app.stage === "ended" && <p class="note waits">{t("web-ended")}</p>}
      {app.problem && (
        <p class="note grave" role="alert">
          {side(app.problem.said)}
        </p>
      )}
      {app.lost && (
        <p class="note waits" role="alert">
          {t("web-lost", { count: app.lost.changes + app.lost.suggestions, when: when(app.lost.time_ms) })}
        </p>
      )}
      {app.notices.map((notice) => (
        <div class="note waits row apart" key={notice.id}>
          <p class="grow">{side(notice.said)}</p>
          <button
            type="button"
            class="button plain small square"
            aria-label={t("web-put-away")}
            onClick={() => attempt(call("dismiss", { notice: notice.id }))}
          >
            <Icon mark="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
