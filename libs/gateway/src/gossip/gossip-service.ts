import { randomUUID } from 'node:crypto';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { UUID, type Empty } from '@eventstore/db-client/generated/shared_pb';
import type { ServedService } from '../server/served-service';

const TICKS_PER_MILLISECOND = 10_000;

export interface GossipOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Where clients reach this node. `authority`: the host and port that the client itself has used. */
  readonly endPointFor: (authority: string) => { readonly host: string; readonly port: number };
}

/** `Gossip`: a cluster of this one node, leader and alive. Anyone may ask. */
export const gossipService = ({ clock, endPointFor }: GossipOptions): ServedService => {
  const instanceId = randomUUID();
  const cluster = (authority: string): ClusterInfo => {
    const { host, port } = endPointFor(authority);
    const member = new MemberInfo()
      .setInstanceId(new UUID().setString(instanceId))
      .setTimeStamp((clock() * TICKS_PER_MILLISECOND).toString())
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));
    return new ClusterInfo().setMembersList([member]);
  };
  return {
    definition: { read: GossipService.read },
    implementation: {
      read: (call: ServerUnaryCall<Empty, ClusterInfo>, reply: sendUnaryData<ClusterInfo>): void =>
        reply(null, cluster(call.getHost())),
    },
  };
};
