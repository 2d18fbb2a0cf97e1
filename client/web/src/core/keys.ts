/**
 * How a device's secret key lies in the browser's store: encrypted under a WebCrypto key that
 * scripts can use and not read. See docs/decisions/0021-the-key-in-the-browser.md.
 */

/** A secret as it is stored. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  cipher: ArrayBuffer;
}

/** Makes the key under which secrets lie. */
export function newWrap(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Encrypts a secret; `profile` is bound to it, so that no secret is taken for another's. */
export async function seal(wrap: CryptoKey, profile: string, secret: Uint8Array): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const cipher = await crypto.subtle.encrypt(parameters(iv, profile), wrap, new Uint8Array(secret));
  return { iv, cipher };
}

/** Decrypts a secret. */
export async function unseal(wrap: CryptoKey, profile: string, sealed: Sealed): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.decrypt(parameters(sealed.iv, profile), wrap, sealed.cipher));
}

function parameters(iv: Uint8Array<ArrayBuffer>, profile: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`entente device key ${profile}`) };
}
