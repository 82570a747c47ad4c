"""The floor: daphne, the PubSub layer, a customer's socket → one INSERT committed → an agent's.

No sign-in, no queue, no order, no HTML. Nothing built with Channels and Django can be faster
without giving up the commit before the ack.
"""
