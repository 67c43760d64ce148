import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { StartRefused } from '../../config.ts';
import { packageRoot } from '../../package-root.ts';
import { claims, isClaimId, type ClaimId } from './claims.ts';
import { frontMatter, type FrontMatter } from './front-matter.ts';

/** Its path in the package, where the build and an installed package read it. */
export const securityFile = 'src/trust/claims/security.md';

/** A sentence of the security page, bound to its claim. */
export interface Sentence {
  claim: ClaimId;
  section: string;
  text: string;
}

/** The parsed `security.md`: the page’s text, attestations and exceptions. */
export interface SecuritySource extends FrontMatter {
  /** The paragraphs before the first section. */
  introduction: string;
  sentences: readonly Sentence[];
}

/** The security page cannot be published as written. The message has a line for each fault. */
export class SecuritySourceBroken extends StartRefused {
  constructor(faults: readonly string[]) {
    super(faults.map((fault) => `security.md: ${fault}`));
  }
}

/** @throws SecuritySourceBroken */
export function readSecuritySource(): SecuritySource {
  return parseSecuritySource(readFileSync(join(packageRoot, securityFile), 'utf8'));
}

/**
 * Parses front matter, a title, an introduction, and sections whose list items each end with `{#claim-id}`. Everything
 * in a section must be bound to a claim, and each claim must occur exactly once. @throws SecuritySourceBroken
 */
export function parseSecuritySource(text: string): SecuritySource {
  const plain = text.replaceAll('\r\n', '\n');
  const [, head, body] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(plain) ?? [];
  if (head === undefined || body === undefined)
    throw new SecuritySourceBroken(['it begins with front matter between two lines of ---.']);
  const faults: string[] = [];
  const said = readFrontMatter(head, faults);
  const [before = '', ...sections] = body.split(/^## +/m);
  const introduction = before.replace(/^\s*# .*$/m, '').trim();
  const at = (item: string) => `line ${lineOf(plain, item)}`;
  const sentences = sections.flatMap((section) => readSection(section, faults, at));
  faults.push(...faultsOfBinding(sentences), ...unbound(introduction, at), ...boasts(plain));
  if (introduction === '') faults.push('there is no introduction before the first section.');
  if (faults.length > 0) throw new SecuritySourceBroken(faults);
  return { ...said, introduction, sentences };
}

function readFrontMatter(head: string, faults: string[]): FrontMatter {
  const nothing = { attestations: [], exceptions: [], dates: {} };
  try {
    const read = frontMatter.safeParse(parse(head));
    if (read.success) return read.data;
    faults.push(
      ...read.error.issues.map(
        (issue) => `front matter, ${issue.path.join('.') || 'as a whole'}: ${describe(issue)}.`,
      ),
    );
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    faults.push(`the front matter is not YAML: ${error.message.split('\n')[0]}`);
  }
  return nothing;
}

function describe(issue: { code: string; message: string; keys?: unknown }): string {
  return issue.code === 'unrecognized_keys'
    ? `“${String(issue.keys)}” means nothing here`
    : issue.message;
}

function readSection(section: string, faults: string[], at: (item: string) => string): Sentence[] {
  const [title = '', ...lines] = section.split('\n');
  return itemsOf(lines).flatMap((item): Sentence[] => {
    const [, text, id] = /^- (.+?)\s*\{#([^}]*)\}$/.exec(item) ?? [];
    if (text === undefined || id === undefined)
      faults.push(`${at(item)}: “${item}” is bound to no claim: end it with {#claim-id}.`);
    else if (!isClaimId(id))
      faults.push(`${at(item)}: “${text}” is bound to “${id}”, which is no claim.`);
    else return [{ claim: id, section: title.trim(), text }];
    return [];
  });
}

/** List items and paragraphs, each as one line. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = [];
  let open = false;
  for (const line of lines) {
    const text = line.trim();
    if (open && text !== '' && !text.startsWith('- ')) items.push(`${items.pop() ?? ''} ${text}`);
    else if (text !== '') items.push(text);
    open = text !== '';
  }
  return items;
}

function faultsOfBinding(sentences: readonly Sentence[]): string[] {
  const timesOf = (id: string) => sentences.filter(({ claim }) => claim === id).length;
  return Object.keys(claims).flatMap((id) => {
    if (timesOf(id) === 0) return [`no sentence makes the claim “${id}”.`];
    return timesOf(id) > 1 ? [`the claim “${id}” is made ${timesOf(id)} times.`] : [];
  });
}

/** Words that no check can prove, or that only an independent party may use. */
const boast = new RegExp(
  [
    String.raw`\b(?:always|impossible|un(?:break|hack|crack)able|guarantee(?:d|s)?|(?:bank|military|enterprise)-grade|(?:hack|bullet|fool|tamper)-?proof)\b`,
    String.raw`\b(?:certified|compliant|state[- ]of[- ]the[- ]art|world-class|industry-leading|best-in-class|risk-free|zero[- ]risk)\b`,
    String.raw`\b(?:completely|totally|absolutely|perfectly|fully|100 ?%) (?:secure|safe|protected|private|anonymous)\b|\b100 ?%`,
  ].join('|'),
  'i',
);

function boasts(text: string): string[] {
  return text.split('\n').flatMap((line, at) => {
    const word = boast.exec(line)?.[0];
    return word
      ? [`line ${at + 1}: “${word}” is more than any check can bear out: “${line.trim()}”`]
      : [];
  });
}

/** Subjects of claims. The introduction is not bound to a claim, so it may not mention them. */
const claimed =
  /\b(?:encrypt\w*|hash\w*|TLS|HTTPS|passwords?|cookies?|backups?|audit\w*|SOC ?2|ISO ?27001|GDPR|HIPAA|firewalls?|two-factor|MFA|penetration)\b/i;

function unbound(introduction: string, at: (item: string) => string): string[] {
  return introduction.split('\n').flatMap((line) => {
    const word = claimed.exec(line)?.[0];
    return word
      ? [`${at(line)}: “${word}” is for a sentence that is bound to a claim: “${line.trim()}”`]
      : [];
  });
}

/** The line on which this item begins. */
function lineOf(text: string, item: string): number {
  return (
    text.split('\n').findIndex((line) => line.trim() !== '' && item.startsWith(line.trim())) + 1
  );
}
