import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { parse as parseCookies } from "hono/utils/cookie";

/** Bytes of chance in the token and in the cookie. */
const secretBytes = 32;

/** What a request is let in for, or why it is not. */
export type Verdict =
  | "let-in"
  /** It is the address that the command printed: the cookie is given out. */
  | "log-in"
  /** It has no key, or not the right one. */
  | "no-key"
  /** It was sent to another name than ours: a page elsewhere whose name was made to lead here. */
  | "foreign-host"
  /** A page elsewhere sent it. */
  | "foreign-origin"
  /** Its path is none that we have any use for. */
  | "odd-path";

/** Ours have no escapes, no empty and no dotted parts; the query may have escapes. */
const pathPattern = /^(?:\/|(?:\/[\w@-][\w@.-]*)+)(?:\?[\w\-.~!$&'()*+,;=:@/?%]*)?$/;

/** Who may ask the console: whoever has the token of its address, or the cookie that it was changed for. */
export class Gate {
  readonly #token = randomBytes(secretBytes).toString("base64url");
  readonly #cookie = randomBytes(secretBytes).toString("base64url");
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** The address with the token: whoever has it is let in, so it is printed once and written nowhere. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.#token}`;
  }

  /** The header that gives a browser its cookie. */
  get setCookie(): string {
    return `${this.#cookieName}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Judges a request before anything else reads it. */
  judge({ method, url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">): Verdict {
    const { host, origin, cookie, authorization, upgrade } = headers;
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    if (host === undefined || !hosts.includes(host)) return "foreign-host";
    if (!pathPattern.test(url)) return "odd-path";
    const isOwnOrigin = origin === `http://${host}`;
    const mustBeOwn = upgrade !== undefined || (method !== "GET" && method !== "HEAD");
    if (mustBeOwn ? !isOwnOrigin : origin !== undefined && !isOwnOrigin) return "foreign-origin";
    const { pathname, searchParams } = new URL(url, `http://${host}`);
    const token = searchParams.get("token");
    if (pathname === "/" && token !== null) return isSame(token, this.#token) ? "log-in" : "no-key";
    const given = parseCookies(cookie ?? "", this.#cookieName)[this.#cookieName];
    if (given !== undefined && isSame(given, this.#cookie)) return "let-in";
    const bearer = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
    return bearer !== undefined && isSame(bearer, this.#token) ? "let-in" : "no-key";
  }

  /** Cookies are not told apart by port: two consoles have a name each. */
  get #cookieName(): string {
    return `mail-lab-console-${this.#port}`;
  }
}

/** Compares in a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
