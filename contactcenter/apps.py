from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "contactcenter.admin.SupervisorSite"


class ContactCenterConfig(AppConfig):
    name = "contactcenter"
