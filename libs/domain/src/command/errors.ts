import * as E from 'fp-ts/Either';

/** Every refusal that `domain.md §15` names, with the HTTP status that the door answers (`interfaces.md`). */
const statuses = {
  Forbidden: 403,

  PartyNotFound: 404,
  ComplaintNotFound: 404,
  ServiceRequestNotFound: 404,
  PromiseNotFound: 404,
  OrderNotFound: 404,
  WorkItemNotFound: 404,
  MembershipNotFound: 404,
  DataSubjectRequestNotFound: 404,
  EnquiryNotFound: 404,
  OfferNotFound: 404,

  PartyErased: 409,
  IdempotencyConflict: 409,
  DuplicateParty: 409,
  PossibleDuplicate: 409,
  IdentifierInUse: 409,
  NotMerged: 409,
  AlreadyMerged: 409,
  LegalHold: 409,
  RoleOverlap: 409,
  NoActiveConsent: 409,
  DuplicateRequest: 409,
  OpenObligations: 409,
  EnquiryClosedAlready: 409,
  CommercialContactBlocked: 409,
  ChannelPriceConflict: 409,
  OfferAlreadyAnswered: 409,
  OfferExpired: 409,
  OrderReversedAlready: 409,
  AlreadyFulfilled: 409,
  RequestClosed: 409,
  EscalationNotHigher: 409,
  InvalidState: 409,
  PauseLimitExceeded: 409,
  ReopenWindowPassed: 409,
  PromiseAlreadySettled: 409,
  AlreadyAcknowledged: 409,
  ComplaintClosed: 409,
  NotResolvedYet: 409,
  AlreadyAnswered: 409,
  AlreadyMember: 409,
  InsufficientPoints: 409,
  NoOpenNotice: 409,
  ItemNotOpen: 409,
  ItemSuppressed: 409,
  AlreadyClaimed: 409,
  WipLimit: 409,
  NotHolder: 409,
  StaleReview: 409,

  ConcurrencyConflict: 412,

  ValidationFailed: 422,
  OccurredInFuture: 422,
  SelfMerge: 422,
  KindMismatch: 422,
  CounterpartyRequired: 422,
  SelfCounterparty: 422,
  InvalidInterval: 422,
  ConsentMissing: 422,
  EvidenceRequired: 422,
  UnknownSegment: 422,
  UnknownProposition: 422,
  MajorityFallacyNotAcknowledged: 422,
  OrderMismatch: 422,
  ContactNotPermitted: 422,
  OverrideRequired: 422,
  PriceAboveList: 422,
  TotalMismatch: 422,
  CurrencyMismatch: 422,
  ExceedsRefundable: 422,
  WalletInconsistent: 422,
  RankOutOfRange: 422,
  WalletEmpty: 422,
  ImmediateNeedsSynchronousChannel: 422,
  AgreedTimeExceedsLimit: 422,
  ApprovalRequired: 422,
  RootCauseRequired: 422,
  ScoreOutOfRange: 422,
  ScaleMismatch: 422,
  SelfReferral: 422,
  NotAReferral: 422,
  BondNotApplicable: 422,
  UndisclosedPenalty: 422,
  UnknownTrigger: 422,
  SkillMissing: 422,
  SnoozeTooLong: 422,
  InvalidOutcome: 422,
  ConfigInvalid: 422,
} as const;

export type DomainErrorCode = keyof typeof statuses;
export const domainErrorCodes = Object.keys(statuses) as ReadonlyArray<DomainErrorCode>;

/** A value that JSON can hold, for `details`. */
type Detail = null | boolean | number | string | ReadonlyArray<Detail> | { readonly [key: string]: Detail };
export type ErrorDetails = { readonly [key: string]: Detail };

/** A refusal as a value (`domain.md §15`, error shape). */
export interface DomainError {
  readonly code: DomainErrorCode;
  /** For people; programs read `code` and `details`. */
  readonly message: string;
  /** JSON Pointer into the command's body, when one field is to blame. */
  readonly path?: string;
  readonly details?: ErrorDetails;
}

export interface ErrorPlace {
  readonly path?: string;
  readonly details?: ErrorDetails;
}

export const domainError = (code: DomainErrorCode, message: string, place: ErrorPlace = {}): DomainError => ({
  code,
  message,
  ...place,
});

/** The left side of a decision. */
export const refuse = (code: DomainErrorCode, message: string, place: ErrorPlace = {}): E.Either<DomainError, never> =>
  E.left(domainError(code, message, place));

/** 403 forbidden, 404 unknown, 409 the state does not allow it, 412 wrong revision, 422 a rule is broken. */
export const httpStatusOf = (code: DomainErrorCode): 403 | 404 | 409 | 412 | 422 => statuses[code];

/** Schema errors of a body as one refusal; all of them are in `details.errors`, the first gives the path. */
export const validationFailed = (
  errors: ReadonlyArray<{ readonly path: string; readonly message: string }>,
): DomainError =>
  domainError('ValidationFailed', errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; '), {
    path: errors[0]?.path ?? '',
    details: { errors: errors.map(({ path, message }) => ({ path, message })) },
  });

/** One field of the body breaks a rule of shape that the codec cannot express. */
export const invalidField = (path: string, message: string): E.Either<DomainError, never> =>
  E.left(validationFailed([{ path, message }]));
