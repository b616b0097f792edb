/** An address that a link of an answer may open: http, https or mailto, absolute; else null. */
export function safeLink(address: string | undefined): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** An image that may load without telling anyone else: this origin's own, or bytes in place. */
export function safeImage(address: string | undefined, origin: string): string | null {
  if (!address) return null;
  if (/^data:image\/(png|jpeg|gif|webp|avif);base64,/i.test(address)) return address;
  try {
    const url = new URL(address, origin);
    return url.origin === origin && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
