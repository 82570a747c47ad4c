"""Only what the relay needs; servers come from the environment, as the product's do."""

import os

from psycopg.conninfo import conninfo_to_dict

SECRET_KEY = "not a secret: nothing is signed here"
USE_TZ = True
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["bench.floor"]
_database = conninfo_to_dict(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        "OPTIONS": {**_database, "pool": {"min_size": 2, "max_size": 16, "timeout": 10}},
        "CONN_MAX_AGE": 0,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "prefix": "floor"},
    }
}
