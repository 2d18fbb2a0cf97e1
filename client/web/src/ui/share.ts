// Parts of a new view that equal those of the last one are the same objects, so that what did not change
// is not drawn again.

export function share<T>(last: unknown, next: T): T {
  if (Object.is(last, next)) return next;
  if (Array.isArray(last) && Array.isArray(next)) return shareList(last, next) as T;
  if (isObject(last) && isObject(next)) return shareObject(last, next) as T;
  return next;
}

function shareList(last: unknown[], next: unknown[]): unknown[] {
  let same = last.length === next.length;
  for (let at = 0; at < next.length; at++) {
    next[at] = share(last[at], next[at]);
    same &&= next[at] === last[at];
  }
  return same ? last : next;
}

function shareObject(last: Record<string, unknown>, next: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(last).length;
  for (const key of keys) {
    next[key] = share(last[key], next[key]);
    same &&= key in last && next[key] === last[key];
  }
  return same ? last : next;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
