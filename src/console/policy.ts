/**
 * What a browser may load for an answer of the console (Content-Security-Policy).
 *
 * @param host - our own name as the request had it: older browsers do not count a WebSocket to it as `'self'`.
 * @param styleNonce - lets `<style>` elements with that nonce through.
 */
export function contentPolicy(host: string, styleNonce?: string): string {
  const styles = styleNonce === undefined ? "'self'" : `'self' 'nonce-${styleNonce}'`;
  const sockets = /^[\w.]+:\d+$/.test(host) ? ` ws://${host}` : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
