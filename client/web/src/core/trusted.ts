/** Scripts that the app starts by address are its own: the policy allows nothing else to begin one. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

types?.createPolicy("default", {
  createScriptURL(url) {
    if (new URL(url, location.href).origin === location.origin) return url;
    throw new TypeError(`a script from elsewhere: ${url}`);
  },
});

export {};
