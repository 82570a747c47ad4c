from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from contactcenter.celery import app as doorbell


class AdminConfig(DjangoAdminConfig):
    default_site = "contactcenter.admin.SupervisorSite"


class ContactCenterConfig(AppConfig):
    name = "contactcenter"
    celery = doorbell  # known to web processes and commands too, not only to the worker
