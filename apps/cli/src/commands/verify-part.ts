import { type CheckedClaim, readPartDescription, verifyPart } from '@afecto/audit';
import * as E from 'fp-ts/Either';
import { count, counted } from '../terminal/numbers';
import { type Finding, finding } from './verify-finding';
import { type Held, type LogReport, named, reported } from './verify-report';
import type { AuditedLog } from './verify-source';

const sizeOf = ({ signed }: CheckedClaim): string => count(signed?.checkpoint.size ?? 0);
const whereOf = ({ source }: CheckedClaim): string => (source.kind === 'file' ? source.file : source.eventId);

const claimFinding = (claims: ReadonlyArray<CheckedClaim>, size: number, held: Held): Finding => {
  const check = 'checkpoints';
  const bad = claims.find(({ verdict }) => verdict !== 'holds');
  if (bad !== undefined) {
    const why = {
      holds: '',
      untrusted: `it ${bad.mistrust}`,
      differs: 'its root is not that to which the proof leads',
      beyond: `it speaks of ${sizeOf(bad)} events and the proof of ${count(size)}; export the party anew while that is the newest checkpoint`,
    };
    return finding(check, false, `${whereOf(bad)}: ${why[bad.verdict]}`);
  }
  const [first] = claims;
  if (first === undefined)
    return finding(check, true, 'there are none: nobody has signed the root to which the proof leads');
  const warning =
    held.keys.length === 0 ? ' as the export names it (compare it with the one you hold, or give --public-key)' : '';
  const at = new Date(first.signed?.checkpoint.at ?? 0).toISOString();
  return finding(
    check,
    true,
    `${counted(claims.length, 'checkpoint')} of ${at} with that root, signed with key ${first.keyId}${warning}`,
  );
};

/** What a store that holds a part of a log proves: that its events are in that log, and nothing about any other. */
export const checkPart = async (description: string, log: AuditedLog, held: Held): Promise<LogReport> => {
  const part = readPartDescription(description);
  if (E.isLeft(part))
    return {
      findings: [finding('log', false, `what the store says it is a part of cannot be read: ${part.left}`)],
      log: null,
      checkpoints: [],
    };
  const { manifest, proof } = part.right;
  const { records } = log;
  const { events, proved, first, claims } = await verifyPart({
    part: part.right,
    records,
    held: held.checkpoints,
    keys: held.keys,
  });
  const members = manifest.party?.members ?? [];
  const behind = events - proved;
  const detail =
    `a part: ${counted(events, 'event')} of ${members.join(', ')}; ${count(proved)} proved to be in the log of ${counted(proof.size, 'event')} with root ${proof.root}` +
    (behind === 0 ? '' : `, ${count(behind)} recorded after it`) +
    '. It does not prove that these are all';
  return {
    findings: [
      first === null ? finding('log', true, detail) : finding('log', false, named(first)),
      claimFinding(claims, proof.size, held),
    ],
    log: { events, root: proof.root, first, part: { members, of: proof.size, proved } },
    checkpoints: claims.map(reported),
  };
};
