from django.conf import settings
from django.contrib.auth.models import User
from django.db import models


class Dossier(models.Model):
    code = models.CharField(max_length=40, unique=True)
    procedure = models.CharField(max_length=60)
    unit = models.CharField(max_length=5)
    step = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    applicant = models.ForeignKey(User, on_delete=models.PROTECT)
    applicant_name = models.CharField(max_length=100)
    about = models.CharField(max_length=200)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    revision = models.IntegerField(default=1)
    answers = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["unit", "state", "due_at", "id"])]


class History(models.Model):
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    body = models.JSONField()


class Audit(models.Model):
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    action = models.CharField(max_length=60)
    record = models.CharField(max_length=60)


class Job(models.Model):
    kind = models.CharField(max_length=40)
    body = models.JSONField()
    run_at = models.DateTimeField(db_index=True)


class IdempotencyKey(models.Model):
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    key = models.CharField(max_length=200)
    answer = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="once")]
