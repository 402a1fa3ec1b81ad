import 'reflect-metadata'; // the library wants it first
import { webcrypto } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/*
 * A certificate authority of one class laptop, for phones that nothing else makes believe it: the last resort (docs/guides/https-on-the-lan.md).
 * Whoever installs it trusts it for this laptop's names alone: the names are a constraint of the authority itself, and critical, so
 * that whoever steals its key can pretend to be this laptop and nobody else. Its key is thrown away once the laptop's certificate is signed.
 */

export interface LaptopCertificates {
  /** To install on phones. */
  readonly authority: string;
  /** The laptop's certificate, and the authority's after it. */
  readonly cert: string;
  readonly key: string;
}

export interface AuthorityRequest {
  /** What people call the laptop. */
  readonly name: string;
  /** Names and IPv4 addresses under which phones open it. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const NAME_CONSTRAINTS = '2.5.29.30';
const DAY_MS = 86_400_000;
/** Apple's phones take no longer certificate from anybody. */
const LIFE_DAYS = 397;

/** Makes an authority, has it sign one certificate, and forgets its key. `permitted`: the names that the authority is good for. */
export async function laptopCertificates(
  { name, names, now }: AuthorityRequest,
  permitted: readonly string[] = names,
): Promise<LaptopCertificates> {
  const keys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [authorityKeys, laptopKeys] = [await keys(), await keys()];
  const life = { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + LIFE_DAYS * DAY_MS) };
  const subject = `CN=${escaped(`Darasa ${name}`)}`;
  const authority = await X509CertificateGenerator.create({
    ...life,
    serialNumber: serial(),
    subject,
    issuer: subject,
    publicKey: authorityKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
      onlyFor(permitted),
    ],
  });
  const laptop = await X509CertificateGenerator.create({
    ...life,
    serialNumber: serial(),
    subject: `CN=${escaped(name)}`,
    issuer: subject,
    publicKey: laptopKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((each) => ({ type: isIPv4(each) ? 'ip' : 'dns', value: each }) as const)),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', laptopKeys.privateKey);
  const issued = `${authority.toString('pem')}\n`;
  return { authority: issued, cert: `${laptop.toString('pem')}\n${issued}`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}

/** Permits these names and no others. Of the two kinds of names each needs an entry, for what is not mentioned is not constrained. */
function onlyFor(names: readonly string[]): Extension {
  const hosts = names.filter((each) => !isIPv4(each));
  const addresses = names.filter(isIPv4);
  const permitted = [
    ...hosts.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((each) => new GeneralName({ iPAddress: `${each}/32` })),
  ];
  const excluded = [
    ...(hosts.length === 0 ? [new GeneralName({ dNSName: '' })] : []),
    ...(addresses.length === 0 ? [new GeneralName({ iPAddress: '0.0.0.0/0' })] : []),
  ];
  const subtrees = (of: readonly GeneralName[]): GeneralSubtrees => new GeneralSubtrees(of.map((base) => new GeneralSubtree({ base })));
  const constraints = new NameConstraints({
    ...(permitted.length === 0 ? {} : { permittedSubtrees: subtrees(permitted) }),
    ...(excluded.length === 0 ? {} : { excludedSubtrees: subtrees(excluded) }),
  });
  return new Extension(NAME_CONSTRAINTS, true, AsnConvert.serialize(constraints));
}

function serial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString('hex')
    .padStart(32, '0');
}

/** A text as part of a distinguished name (RFC 4514). */
function escaped(text: string): string {
  return text.replace(/["+,;<=>\\#]/g, (sign) => `\\${sign}`);
}
