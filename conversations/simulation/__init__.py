"""Made-up customers and played agents, who use the product from outside as real ones do.

They speak the web chat's socket and the console's socket and posts, so what they measure is what
people would see. `manage.py simulate_traffic` is the door.
"""
