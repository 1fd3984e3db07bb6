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
export { type AgentLoad, keptUntil, type LoadOf, namedAgentWaitMs, noLoad, preferredAgent } from './named-agent';
export {
  noFlows,
  type QueueFlows,
  queueFlowsOf,
  type QueueKpis,
  queueKpisOf,
  type QueueStock,
  queueStockOf,
  successes as queueSuccesses,
} from './kpis';
export { isDueBefore, isOverdue, priorityOf, unevenAgeingOf } from './priority';
export { activityNames, isProactive } from './queue-rules';
export * from '../consent/contactable';
