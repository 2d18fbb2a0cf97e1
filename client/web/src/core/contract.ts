/**
 * What the interface may ask of the core, and what it gets: every view and every command.
 *
 * Names and values are those that the Rust core writes (`client/src/views`, `shared/src/views`,
 * `client/web/core`); the command line prints the same views with `--json`. Times end in `_ms` and
 * are milliseconds since 1970, UTC. Positions in texts count Unicode code points, not UTF-16 units:
 * use `spliceOf` from `text.ts`.
 */

export type * from "./contract/values.ts";
export type * from "./contract/app.ts";
export type * from "./contract/documents.ts";
export type * from "./contract/deciding.ts";
export type * from "./contract/agreeing.ts";
export type * from "./contract/record.ts";
export type * from "./contract/members.ts";
export type * from "./contract/kinds.ts";
export type * from "./contract/views.ts";
export type * from "./contract/commands.ts";
