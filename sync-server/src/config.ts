import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** What may be set from outside. `secret` values never appear in a message. */
const settings = {
  PORT: { schema: wholeNumber(0, 65_535), fallback: '3000' },
  HOST: { schema: v.pipe(v.string(), v.minLength(1, 'must not be empty')), fallback: null },
  DARASA_DATA: { schema: v.pipe(v.string(), v.minLength(1, 'must not be empty')), fallback: './data' },
  DARASA_BACKUP: { schema: v.pipe(v.string(), v.minLength(1, 'must not be empty')), fallback: null },
  DARASA_APP: { schema: v.pipe(v.string(), v.minLength(1, 'must not be empty')), fallback: defaultAppFolder() },
  COUCHDB_URL: { schema: couchUrl(), fallback: null, secret: true },
  DARASA_SCHOOL_URL: { schema: httpUrl(), fallback: null },
  DARASA_HUB_CODE: { schema: v.pipe(v.string(), v.minLength(1, 'must not be empty')), fallback: null, secret: true },
  DARASA_DEMO: { schema: flag(), fallback: null },
  DARASA_PUBLIC_URL: { schema: httpUrl(), fallback: null },
  DARASA_APP_ORIGINS: { schema: list(isOrigin, 'must be origins such as https://learn.example.org, with spaces between'), fallback: '' },
  DARASA_HUB_SOURCES: {
    schema: list(isHubSource, 'must be sources such as https://*.hubs.example.org, with spaces between'),
    fallback: 'http://*.local:* https://*.local:*',
  },
  DARASA_TLS_CERT: { schema: v.string(), fallback: null },
  DARASA_TLS_KEY: { schema: v.string(), fallback: null },
  DARASA_TLS_PORT: { schema: wholeNumber(0, 65_535), fallback: '3443' },
  DARASA_MDNS_NAME: {
    schema: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,63}$/, 'must be a name such as darasa-8, without .local')),
    fallback: null,
  },
  DARASA_WIFI: { schema: v.string(), fallback: null, secret: true },
  DARASA_METRICS_TOKEN: { schema: v.pipe(v.string(), v.minLength(16, 'must have at least 16 characters')), fallback: null, secret: true },
  LOG_LEVEL: { schema: v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), fallback: 'info' },
  TRUST_PROXY: { schema: wholeNumber(0, 5), fallback: '0' },
  ACCESS_TOKEN_SECONDS: { schema: wholeNumber(60, 3_600), fallback: '900' },
  REFRESH_TOKEN_DAYS: { schema: wholeNumber(1, 400), fallback: '90' },
} as const;

/** The server's settings. Times are in seconds unless the name says otherwise. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where the embedded store keeps its files. */
  readonly dataFolder: string;
  /** Where backups go, beside every stick with a folder for them. Null for none: with a CouchDB of its own a school has CouchDB's ways. */
  readonly backupFolder: string | null;
  /** The built app. */
  readonly appFolder: string;
  /** With the credentials of a server admin; null starts the embedded store. */
  readonly couchUrl: string | null;
  /** For the first start of a class laptop: its school's address, and the code that pairs it. */
  readonly schoolUrl: string | null;
  readonly hubCode: string | null;
  readonly demo: boolean;
  /** Whether the demo school was asked for, and does not merely come with the embedded store. */
  readonly demoAsked: boolean;
  /** The address that people use, where it is not the one the server sees. Without a trailing slash. */
  readonly publicUrl: string | null;
  /** Origins other than the server's own whose app may ask it: of a hub, its school's. */
  readonly appOrigins: readonly string[];
  /** Where the app that is served here may look for hubs, as a content security policy names it. */
  readonly hubSources: readonly string[];
  /** Where HTTPS is served besides HTTP: the files of a certificate and of its key, and a port. */
  readonly tls: { readonly certFile: string; readonly keyFile: string; readonly port: number } | null;
  /** The name under which this machine answers on its network, as `<name>.local`. */
  readonly mdnsName: string | null;
  /** Name and password of the Wi-Fi, for the page that shows how to reach this machine. */
  readonly wifi: { readonly name: string; readonly password: string } | null;
  /** Lets a monitor read `/metrics` from another machine. */
  readonly metricsToken: string | null;
  readonly logLevel: string;
  /** How many reverse proxies stand before the server and are believed about the address of a client. */
  readonly trustedProxies: number;
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
}

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false /** One line for each wrong setting, without secrets. */; readonly problems: readonly string[] };

/** Reads the settings from the environment; every wrong one is named at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigOutcome {
  const problems: string[] = [];

  function read<Name extends keyof typeof settings>(name: Name): v.InferOutput<(typeof settings)[Name]['schema']> | null {
    const { schema, fallback } = settings[name];
    const given = environment[name];
    const text = given === undefined || given === '' ? fallback : given;
    if (text === null) return null;
    const parsed = v.safeParse(schema, text);
    // The schema of the same name was used, which the compiler cannot follow through the lookup.
    if (parsed.success) return parsed.output as v.InferOutput<(typeof settings)[Name]['schema']>;
    const shown = 'secret' in settings[name] ? '' : ` (it is ${JSON.stringify(text.slice(0, 80))})`;
    problems.push(`${name} ${parsed.issues[0].message}${shown}`);
    return null;
  }

  const [certFile, keyFile, wifi] = [read('DARASA_TLS_CERT'), read('DARASA_TLS_KEY'), read('DARASA_WIFI')];
  if ((certFile === null) !== (keyFile === null)) problems.push('DARASA_TLS_CERT and DARASA_TLS_KEY go together');
  const tlsPort = read('DARASA_TLS_PORT') ?? 0;
  const wifiParts = wifi === null ? null : /^([^:]{1,32}):(.*)$/.exec(wifi);
  if (wifi !== null && wifiParts === null) problems.push('DARASA_WIFI must be the name of the Wi-Fi, a colon, and its password');
  const couch = read('COUCHDB_URL');
  const demoAsked = read('DARASA_DEMO');
  const demo = demoAsked ?? couch === null;
  const config: Config = {
    port: read('PORT') ?? 0,
    // The passwords of the demo school are printed: it is open to the network only when somebody says so.
    host: read('HOST') ?? (demo ? '127.0.0.1' : '0.0.0.0'),
    dataFolder: read('DARASA_DATA') ?? '',
    backupFolder: backupFolder(read('DARASA_BACKUP'), couch, read('DARASA_DATA') ?? ''),
    appFolder: read('DARASA_APP') ?? '',
    couchUrl: couch,
    schoolUrl: read('DARASA_SCHOOL_URL'),
    hubCode: read('DARASA_HUB_CODE'),
    demo,
    demoAsked: demoAsked === true,
    publicUrl: read('DARASA_PUBLIC_URL'),
    appOrigins: read('DARASA_APP_ORIGINS') ?? [],
    hubSources: read('DARASA_HUB_SOURCES') ?? [],
    tls: certFile === null || keyFile === null ? null : { certFile, keyFile, port: tlsPort },
    mdnsName: read('DARASA_MDNS_NAME'),
    wifi: wifiParts === null ? null : { name: wifiParts[1] ?? '', password: wifiParts[2] ?? '' },
    metricsToken: read('DARASA_METRICS_TOKEN'),
    logLevel: read('LOG_LEVEL') ?? 'info',
    trustedProxies: read('TRUST_PROXY') ?? 0,
    accessTokenSeconds: read('ACCESS_TOKEN_SECONDS') ?? 0,
    refreshTokenDays: read('REFRESH_TOKEN_DAYS') ?? 0,
  };
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** The embedded store keeps backups unless it is told `off`; beside a CouchDB they are kept where somebody says where. */
function backupFolder(given: string | null, couch: string | null, dataFolder: string): string | null {
  if (given === 'off') return null;
  return given ?? (couch === null ? join(dataFolder, 'backups') : null);
}

/** `app/build` of this checkout: the same two folders up from `src/` and from `dist/`. */
function defaultAppFolder(): string {
  return fileURLToPath(new URL('../../app/build', import.meta.url));
}

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.string(), v.regex(/^\d{1,9}$/, message), v.transform(Number), v.minValue(min, message), v.maxValue(max, message));
}

function flag() {
  return v.pipe(
    v.picklist(['0', '1', 'true', 'false'], 'must be 1 or 0'),
    v.transform((text) => text === '1' || text === 'true'),
  );
}

function parsedHttpUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
}

function httpUrl() {
  return v.pipe(
    v.string(),
    v.check((text) => parsedHttpUrl(text) !== null, 'must be an address such as https://learn.example.org'),
    v.transform((text) => text.replace(/\/+$/, '')),
  );
}

function list(isGood: (word: string) => boolean, message: string) {
  return v.pipe(
    v.string(),
    v.transform((text) => text.split(/\s+/).filter((word) => word !== '' && word !== 'none')),
    v.check((words) => words.every(isGood), message),
  );
}

function isOrigin(text: string): boolean {
  return parsedHttpUrl(text)?.origin === text;
}

/** A scheme, a host that may begin with a wildcard, and a port: never a wildcard alone. */
function isHubSource(text: string): boolean {
  return /^https?:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?:\d{1,5}|\*))?$/i.test(text);
}

function couchUrl() {
  return v.pipe(
    v.string(),
    v.check((text) => parsedHttpUrl(text) !== null, 'must be an address such as http://admin:password@127.0.0.1:5984'),
    v.check((text) => (parsedHttpUrl(text)?.username ?? '') !== '', 'must carry the name and password of a server admin'),
  );
}
