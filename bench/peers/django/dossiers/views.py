"""File, read, list, advance."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Audit, Dossier, History, IdempotencyKey, Job
from .serializers import Filing, Summary, Whole

# Action: from, to, state afterwards.
ACTIONS = {
    "accept": ("received", "examining", "working"),
    "refuse": ("received", "refused", "refused"),
}


def ready(request):
    return HttpResponse("ready\n")


class Dossiers(APIView):
    def post(self, request):
        key = request.headers.get("Idempotency-Key")
        if key:
            kept = IdempotencyKey.objects.filter(account=request.user, key=key).first()
            if kept:
                return Response(kept.answer, status=200)
        filing = Filing(data=request.data)
        filing.is_valid(raise_exception=True)
        # As JSON again: dates become text.
        answers = request.data["answers"]
        now = timezone.now()
        try:
            with transaction.atomic():
                dossier = Dossier.objects.create(
                    code=f"H20-{uuid.uuid4().hex[:16]}",
                    procedure=filing.validated_data["procedure"],
                    unit=filing.validated_data["unit"],
                    step="received",
                    state="working",
                    applicant=request.user,
                    applicant_name=request.user.first_name,
                    about=f"{answers['child_name']} · {answers['mother']['name']}",
                    submitted_at=now,
                    due_at=now + datetime.timedelta(days=1),
                    answers=answers,
                )
                answer = {"code": dossier.code, "revision": 1}
                record(request, dossier, "submit", answers, now)
                Job.objects.create(kind="receipt", body={"dossier": dossier.id}, run_at=now)
                if key:
                    IdempotencyKey.objects.create(account=request.user, key=key, answer=answer)
        except IntegrityError:
            kept = get_object_or_404(IdempotencyKey, account=request.user, key=key)
            return Response(kept.answer, status=200)
        return Response(answer, status=201)

    def get(self, request):
        if not request.user.is_staff:
            return Response(status=403)
        limit = min(int(request.query_params.get("limit", 50)), 200)
        found = Dossier.objects.filter(
            unit=request.query_params["unit"], state=request.query_params["state"]
        )
        after = request.query_params.get("after")
        if after:
            micros, id = after.split(".")
            due = datetime.datetime.fromtimestamp(int(micros) / 1_000_000, datetime.UTC)
            found = found.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=id), due_at__gte=due)
        found = list(found.defer("answers").order_by("due_at", "id")[:limit])
        last = found[-1] if len(found) == limit else None
        next = f"{round(last.due_at.timestamp() * 1_000_000)}.{last.id}" if last else None
        return Response({"items": Summary(found, many=True).data, "next": next})


class OneDossier(APIView):
    def get(self, request, code):
        dossier = get_object_or_404(Dossier, code=code)
        if not (request.user.is_staff or dossier.applicant_id == request.user.id):
            return Response(status=404)
        return Response(Whole(dossier).data)


class Act(APIView):
    def post(self, request, code, action):
        if not request.user.is_staff or action not in ACTIONS:
            return Response(status=403)
        key = request.headers.get("Idempotency-Key")
        if key:
            kept = IdempotencyKey.objects.filter(account=request.user, key=key).first()
            if kept:
                return Response(kept.answer, status=200)
        start, step, state = ACTIONS[action]
        with transaction.atomic():
            dossier = get_object_or_404(Dossier.objects.select_for_update(), code=code)
            if dossier.step != start:
                return Response({"detail": "Hồ sơ đã được xử lý."}, status=409)
            dossier.step, dossier.state = step, state
            dossier.revision += 1
            dossier.save(update_fields=["step", "state", "revision"])
            record(request, dossier, action, {"note": request.data.get("note")}, timezone.now())
            answer = {"code": code, "revision": dossier.revision}
            if key:
                IdempotencyKey.objects.create(account=request.user, key=key, answer=answer)
        return Response(answer)


def record(request, dossier, kind, body, now):
    """History of the dossier and the audit row."""
    History.objects.create(dossier=dossier, at=now, actor=request.user, kind=kind, body=body)
    Audit.objects.create(at=now, actor=request.user, action=kind, record=dossier.code)
