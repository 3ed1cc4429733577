import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a signed request. */
export const TIMESTAMP_HEADER = 'x-millrace-timestamp';
export const SIGNATURE_HEADER = 'x-millrace-signature';
/** How far the clocks of sender and receiver may be apart, s. */
export const SIGNATURE_TOLERANCE = 300;

/** `sha256=<hex>` of HMAC-SHA256 over `<timestamp>.<body>`; timestamp in whole seconds since 1970. */
export function sign(secret: string, timestamp: number, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** True if the signature is right and its timestamp within the tolerance. Compares in constant time, over the raw bytes. */
export function signatureHolds(
  secret: string,
  headers: { timestamp: string | undefined; signature: string | undefined },
  body: Uint8Array,
  nowMs: number,
): boolean {
  const { timestamp, signature } = headers;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SIGNATURE_TOLERANCE) return false;
  const given = Buffer.from(signature);
  const right = Buffer.from(sign(secret, Number(timestamp), body));
  return given.length === right.length && timingSafeEqual(given, right);
}
