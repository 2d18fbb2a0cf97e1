// How far everything is kept, always in words.

import { seen } from "../core.ts";
import { Icon, type Mark } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { when } from "../times.ts";
import { t } from "../words.ts";
import { collected } from "../held/tray-state.ts";

export function SyncState() {
  const status = seen("status", {});
  const app = seen("app", {});
  if (!status || !app) return <div class="sync" />;
  const { mark, text } = stateOf(status.sync, app.link.state);
  const others = status.waiting_for_others.reduce((sum, one) => sum + one.count, 0);
  const forYou = status.waiting_for_you + status.to_sign;
  const unsent = collected.value.length;
  return (
    <div class="sync" role="status">
      <span class="sync-text">
        <Icon mark={mark} />
        {text}
      </span>
      {forYou > 0 && (
        <a class="chip waits" href={href({ at: "inbox" })}>
          <Icon mark="inbox" />
          {t("web-needs-you", { count: forYou })}
        </a>
      )}
      {others > 0 && (
        <a class="chip" href={href({ at: "inbox" })}>
          <Icon mark="waits" />
          {t("web-waits-others", { count: others })}
        </a>
      )}
      {unsent > 0 && <span class="chip dashed">{t("web-unsent", { count: unsent })}</span>}
    </div>
  );
}

type Sync = { last_ms: number | null; changes: number; suggestions: number };

function stateOf(sync: Sync, link: string): { mark: Mark; text: string } {
  const waiting = sync.changes + sync.suggestions;
  const last = sync.last_ms === null ? "" : when(sync.last_ms);
  if (waiting > 0) {
    const saved = t("web-saved-waiting", { count: waiting });
    if (link === "live") return { mark: "cloud", text: saved };
    return { mark: "offline", text: last ? `${saved} · ${t("web-offline-since", { when: last })}` : saved };
  }
  if (link === "live") return { mark: "done", text: last ? t("web-on-relay", { when: last }) : t("web-on-relay-now") };
  if (link === "offline") return { mark: "offline", text: last ? t("web-offline-all-sent", { when: last }) : t("web-offline") };
  return { mark: "cloud", text: t("web-connecting") };
}
