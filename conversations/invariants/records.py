"""What stands beside the conversations points to nothing of another project (P-14)."""

from conversations.invariants.asking import Invariant

RECORDS = [
    Invariant(
        "records-in-one-project",
        "P-14",
        "Offers, wrap-ups, notes, quick replies and changes of contacts are of one project.",
        """
        SELECT 'offer ' || offer.id FROM conversations_offer AS offer
        JOIN project ON project.id = offer.project_id
        JOIN conversations_conversation AS offered ON offered.id = conversation_id
        JOIN agents_agent AS target ON target.id = offer.agent_id
        JOIN agents_agent AS sender ON sender.id = offer.sender_id
        WHERE offer.project_id <> offered.project_id OR offer.project_id <> target.project_id
           OR offer.project_id <> sender.project_id
        UNION ALL
        SELECT 'wrap-up ' || wrapping.id FROM conversations_wrapup AS wrapping
        JOIN project ON project.id = wrapping.project_id
        JOIN conversations_assignment AS served ON served.id = assignment_id
        JOIN agents_agent AS worker ON worker.id = wrapping.agent_id
        WHERE wrapping.project_id <> served.project_id OR wrapping.project_id <> worker.project_id
        UNION ALL
        SELECT 'note ' || note.id FROM conversations_note AS note
        JOIN project ON project.id = note.project_id
        JOIN agents_agent AS author ON author.id = note.agent_id
        JOIN conversations_contact AS contact ON contact.id = note.contact_id
        LEFT JOIN conversations_conversation AS about ON about.id = note.conversation_id
        WHERE note.project_id <> author.project_id OR note.project_id <> contact.project_id
           OR note.project_id <> about.project_id OR note.contact_id <> about.contact_id
        UNION ALL
        SELECT 'mention ' || mention.id FROM conversations_note_mentioned AS mention
        JOIN conversations_note AS note ON note.id = note_id
        JOIN project ON project.id = note.project_id
        JOIN agents_agent AS colleague ON colleague.id = mention.agent_id
        WHERE note.project_id <> colleague.project_id
        UNION ALL
        SELECT 'quick reply ' || reply.id FROM conversations_quickreply AS reply
        JOIN project ON project.id = reply.project_id
        LEFT JOIN agents_agent AS owner ON owner.id = reply.agent_id
        LEFT JOIN agents_campaign AS campaign ON campaign.id = reply.campaign_id
        WHERE reply.project_id <> owner.project_id OR reply.project_id <> campaign.project_id
        UNION ALL
        SELECT 'contact change ' || change.id FROM conversations_contactchange AS change
        JOIN conversations_contact AS contact ON contact.id = change.contact_id
        JOIN project ON project.id = contact.project_id
        JOIN agents_agent AS editor ON editor.id = change.agent_id
        WHERE contact.project_id <> editor.project_id
        UNION ALL
        SELECT 'contact ' || contact.id FROM conversations_contact AS contact
        JOIN project ON project.id = contact.project_id
        JOIN conversations_contact AS kept ON kept.id = contact.merged_into_id
        WHERE contact.project_id <> kept.project_id
        """,
    ),
]
