// In which browser the reader is, where that matters for keeping a key.

const IN_APP = /FBA[NV]|FB_IAB|Instagram|VKAndroidApp|vk-(?:android|ios)|VKClient|Telegram|Line\/|MicroMessenger|Snapchat|TikTok|musical_ly|BytedanceWebview|LinkedInApp|Twitter|Pinterest\/|OKApp|OK\/|; wv\)/i;

/** Whether an app shows this page inside itself: it keeps little, and forgets it without a word. */
export function isInApp(agent = navigator.userAgent): boolean {
  if (IN_APP.test(agent) || "TelegramWebviewProxy" in window) return true;
  // Every real browser on an iPhone says Safari; views inside apps do not.
  return /iPhone|iPad/.test(agent) && !/Safari\//.test(agent) && !isInstalled();
}

export function isAndroid(agent = navigator.userAgent): boolean {
  return /Android/i.test(agent);
}

/** Whether it is an iPhone's or iPad's browser: it forgets a page's storage after some days without
 * a visit, unless the page was added to the home screen. */
export function isIosBrowser(agent = navigator.userAgent): boolean {
  const ios = /iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  return ios && !isInstalled();
}

export function isInstalled(): boolean {
  return matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true);
}

/** What this device is called at first, so that its owner knows it among others. */
export function deviceName(agent = navigator.userAgent): string {
  const systems = { iPhone: /iPhone/, iPad: /iPad/, Android: /Android/, Windows: /Windows/, Mac: /Macintosh/, Linux: /Linux/ };
  const browsers = { Edge: /Edg\//, Opera: /OPR\//, "Yandex Browser": /YaBrowser\//, Firefox: /Firefox\/|FxiOS/, Chrome: /Chrome\/|CriOS/, Safari: /Safari\// };
  const named = (known: Record<string, RegExp>) => Object.keys(known).find((name) => known[name]?.test(agent));
  return [named(browsers), named(systems)].filter(Boolean).join(", ") || "browser";
}
