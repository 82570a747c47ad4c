"""The ground everything stands on: projects, campaigns, the people who answer, and whether
they are there."""

from agents.models.agent import Agent, AgentQuerySet, User
from agents.models.presence import AvailabilityChange, ConsoleSession, Screen
from agents.models.project import DEFAULT_CAPACITY, Campaign, PauseReason, Project

__all__ = [
    "DEFAULT_CAPACITY",
    "Agent",
    "AgentQuerySet",
    "AvailabilityChange",
    "Campaign",
    "ConsoleSession",
    "PauseReason",
    "Project",
    "Screen",
    "User",
]
