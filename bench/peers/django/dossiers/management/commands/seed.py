"""seed COUNT ANSWERS.json OUT: accounts, COUNT dossiers at the first step, tokens and codes in OUT."""

import json
import pathlib

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from rest_framework.authtoken.models import Token

from dossiers.models import Dossier, History


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("count", type=int)
        parser.add_argument("answers", type=pathlib.Path)
        parser.add_argument("out", type=pathlib.Path)

    def handle(self, count, answers, out, **_):
        citizen = User.objects.create(username="me", first_name="Trần Thị Ngọc Diễm")
        officer = User.objects.create(username="mot-cua", is_staff=True)
        for name, user in (("citizen", citizen), ("officer", officer)):
            (out / f"{name}.token").write_text(Token.objects.create(user=user).key)
        filing = json.loads(answers.read_text())
        now = timezone.now()
        sample = Dossier.objects.create(
            code="H20-0", procedure=filing["procedure"], unit=filing["unit"], step="received",
            state="working", applicant=citizen, applicant_name=citizen.first_name,
            about=filing["answers"]["child_name"], submitted_at=now, due_at=now,
            answers=filing["answers"],
        )
        History.objects.create(
            dossier=sample, at=now, actor=citizen, kind="submit", body=filing["answers"]
        )
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO dossiers_dossier (code, procedure, unit, step, state, applicant_id,
                     applicant_name, about, submitted_at, due_at, revision, answers)
                   SELECT 'H20-' || n, procedure, unit, step, state, applicant_id, applicant_name,
                     about, submitted_at, due_at + (n * 7919 %% 86400) * interval '1 minute',
                     revision, answers
                   FROM dossiers_dossier, generate_series(1, %s) n WHERE code = 'H20-0'""",
                [count],
            )
            cursor.execute(
                """INSERT INTO dossiers_history (dossier_id, at, actor_id, kind, body)
                   SELECT d.id, h.at, h.actor_id, h.kind, h.body
                   FROM dossiers_history h, dossiers_dossier d WHERE d.code <> 'H20-0'"""
            )
            cursor.execute("VACUUM ANALYZE")
        (out / "codes.txt").write_text("".join(f"H20-{n}\n" for n in range(1, count + 1)))
