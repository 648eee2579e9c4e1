import { AssignerProtocol, type PartitionAssigner } from 'kafkajs'
import { assign, type GroupMember } from './assignment.js'

const { MemberAssignment, MemberMetadata } = AssignerProtocol

const NAME = 'cinegraph'
const VERSION = 1

export type Introduction = Pick<GroupMember, 'held' | 'rewinding'>

/** The member whom Kafka makes the leader of the group shares out by it. `introduce` is asked at each join. */
export const createAssigner =
  (introduce: () => Introduction): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(introduce())),
      }),
    }),
    async assign(group) {
      const members = group.members.map(({ memberId, memberMetadata }): GroupMember => {
        const { topics, userData } = MemberMetadata.decode(memberMetadata)!
        return { id: memberId, topics, ...(JSON.parse(userData.toString()) as Introduction) }
      })
      const topics = [...new Set(members.flatMap((member) => member.topics))]
      // it knows its own only
      await cluster.addMultipleTargetTopics(topics)
      const partitionsOf = new Map(
        topics.map((topic) => [
          topic,
          cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId),
        ]),
      )
      return [...assign(members, partitionsOf)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
