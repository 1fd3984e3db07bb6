export type { ConnectionInfo, ConsumerIdentity, GroupInfo } from './running/group-info';
export type { DropReason, GroupConnection, GroupConsumer } from './running/running-group';
export type { GroupDefinition, GroupError, GroupKey, GroupSettings, StartFrom } from './definition';
export type { Message, NackAction } from './core/message';
export type { StrategyName } from './core/strategy';
export { openGroups, type Groups, type GroupsOptions } from './running/open-groups';
export { persistentSubscriptionsService } from './service/persistent-subscriptions-service';
