import { type DomainError, pointer, validationFailed } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { ProblemError } from '../problem/problem';
import { AN_ID, isIdText } from '../request/parameters';

export interface ClaimRequest {
  readonly agentId: string;
  readonly skills: ReadonlyArray<string>;
}

export const MAX_SKILLS = 100;
/** Characters of a skill's name. */
export const MAX_SKILL = 2_000;

const areSkills = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) &&
  value.length <= MAX_SKILLS &&
  value.every((skill) => typeof skill === 'string' && skill.length >= 1 && skill.length <= MAX_SKILL);

/**
 * The body of a claim, `{agentId, skills?}`; ValidationFailed with every field that is wrong: to claim is a command
 * (`domain.md §15`, ClaimNext), and they are refused like those of any other.
 */
export const readClaim = (body: unknown): E.Either<DomainError, ClaimRequest> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return E.left(validationFailed([{ path: '', message: 'must be an object with agentId and, if any, skills' }]));
  const { agentId, skills = [], ...others }: Readonly<Record<string, unknown>> = { ...body };
  const errors: ProblemError[] = Object.keys(others).map((key) => ({
    path: pointer([key]),
    message: 'is an unknown field; allowed are agentId, skills',
  }));
  if (typeof agentId !== 'string' || !isIdText(agentId)) errors.push({ path: '/agentId', message: `must be ${AN_ID}` });
  if (!areSkills(skills)) errors.push({ path: '/skills', message: `must be an array of at most ${MAX_SKILLS} words` });
  if (errors.length > 0 || typeof agentId !== 'string' || !areSkills(skills)) return E.left(validationFailed(errors));
  return E.right({ agentId, skills });
};
