export { campaignArm, hash32 } from './campaign-arm';
export { chooseClaim, isClaimable, type Claimable, type Claimant, type ClaimChoice, type WipLimit } from './claim';
export {
  complaintStep,
  type ComplaintStep,
  hasComplaintInRecovery,
  isClosedByFollowUp,
  isInRecovery,
} from './complaint-steps';
export { isDetractorAnswer } from './detractor';
export { evaluateQueues, nextQueueChange } from './evaluate';
export { itemIdOf } from './item-id';
export { queueKpis, type QueueKpis } from './kpis';
export { compareForClaim, priorityOf } from './priority';
export { activityNames, isProactive } from './queue-rules';
export * from '../consent/contactable';
