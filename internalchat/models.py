"""Chat between two agents. The room stands; direct chats move in with the internal chat."""
