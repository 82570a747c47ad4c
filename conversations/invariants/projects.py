"""Projects: no row points into another one (P-14)."""

from conversations.invariants.asking import Invariant

PROJECTS = [
    Invariant(
        "conversations-in-one-project",
        "P-14",
        "A conversation's channel, campaign, contact and typification are of its own project.",
        """
        SELECT conversation.id FROM conversation
        JOIN conversations_inbox AS inbox ON inbox.id = inbox_id
        JOIN agents_campaign AS campaign ON campaign.id = conversation.campaign_id
        JOIN conversations_contact AS contact ON contact.id = contact_id
        JOIN conversations_identity AS identity ON identity.id = identity_id
        LEFT JOIN conversations_typification AS typification ON typification.id = typification_id
        LEFT JOIN agents_agent AS ender ON ender.id = ended_by_id
        WHERE (inbox.project_id, campaign.project_id, contact.project_id, identity.project_id,
               coalesce(typification.project_id, conversation.project_id),
               coalesce(ender.project_id, conversation.project_id))
              IS DISTINCT FROM (conversation.project_id, conversation.project_id,
               conversation.project_id, conversation.project_id, conversation.project_id,
               conversation.project_id)
           OR identity.contact_id <> conversation.contact_id
        """,
    ),
    Invariant(
        "assignments-in-one-project",
        "P-14",
        "An assignment, its agent, campaign, conversation and wait are of one project.",
        """
        SELECT assignment.id FROM assignment
        JOIN conversations_conversation AS served ON served.id = conversation_id
        JOIN agents_agent AS holder ON holder.id = agent_id
        JOIN agents_campaign AS campaign ON campaign.id = assignment.campaign_id
        LEFT JOIN conversations_queueentry AS left_queue ON left_queue.id = queue_entry_id
        WHERE assignment.project_id <> served.project_id
           OR assignment.project_id <> holder.project_id
           OR assignment.project_id <> campaign.project_id
           OR assignment.conversation_id <> left_queue.conversation_id
        """,
    ),
    Invariant(
        "queue-entries-in-one-project",
        "P-14",
        "A queue entry, its campaign and its conversation are of one project.",
        """
        SELECT entry.id FROM entry
        JOIN conversations_conversation AS waiting ON waiting.id = conversation_id
        JOIN agents_campaign AS campaign ON campaign.id = entry.campaign_id
        WHERE entry.project_id <> waiting.project_id OR entry.project_id <> campaign.project_id
        """,
    ),
    Invariant(
        "messages-in-their-channel",
        "P-14",
        "A message came through its conversation's channel.",
        """
        SELECT message.id FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        WHERE message.inbox_id <> conversation.inbox_id
        """,
    ),
    Invariant(
        "replies-by-own-agents",
        "P-14",
        "What an agent said was said by an agent of the conversation's project.",
        """
        SELECT message.id FROM conversation
        JOIN conversations_message AS message ON conversation_id = conversation.id
        LEFT JOIN agents_agent AS speaker ON speaker.id = agent_id
        WHERE (author = 'agent') <> (agent_id IS NOT NULL)
           OR speaker.project_id <> conversation.project_id
        """,
    ),
    Invariant(
        "settings-in-one-project",
        "P-14",
        "Channels, memberships, typifications and identities never point to another project.",
        """
        SELECT 'channel ' || inbox.id FROM conversations_inbox AS inbox
        JOIN project ON project.id = inbox.project_id
        JOIN agents_campaign AS campaign ON campaign.id = inbox.campaign_id
        WHERE inbox.project_id <> campaign.project_id
        UNION ALL
        SELECT 'agent ' || agent.id FROM agent
        JOIN agents_agent_campaigns AS member ON member.agent_id = agent.id
        JOIN agents_campaign AS campaign ON campaign.id = member.campaign_id
        WHERE agent.project_id <> campaign.project_id
        UNION ALL
        SELECT 'typification ' || child.id FROM conversations_typification AS child
        JOIN project ON project.id = child.project_id
        LEFT JOIN conversations_typification AS parent ON parent.id = child.parent_id
        LEFT JOIN agents_campaign AS campaign ON campaign.id = child.campaign_id
        WHERE parent.project_id <> child.project_id OR campaign.project_id <> child.project_id
        UNION ALL
        SELECT 'identity ' || identity.id FROM conversations_identity AS identity
        JOIN project ON project.id = identity.project_id
        JOIN conversations_contact AS contact ON contact.id = identity.contact_id
        WHERE identity.project_id <> contact.project_id
        """,
    ),
]
