"""The form of a birth: what is checked before anything is written."""

import datetime
import re

from rest_framework import serializers

from .models import Dossier

NAME = re.compile(r"^[^\W\d_]+([ '’-][^\W\d_]+)*$")
RELATIONS = [
    "mother", "father", "paternal-grandfather", "paternal-grandmother", "maternal-grandfather",
    "maternal-grandmother", "other-relative", "carer", "authorised",
]
ETHNICITIES = [f"{number:02}" for number in range(1, 56)]
NATIONALITIES = ["VN", "LA", "KH", "CN", "TW", "KR", "JP", "US"]


def person_name(value):
    if not NAME.match(value):
        raise serializers.ValidationError("Họ tên chỉ gồm chữ cái và dấu cách.")


class Address(serializers.Serializer):
    province = serializers.RegexField(r"^\d{2}$")
    commune = serializers.RegexField(r"^\d{5}$")
    detail = serializers.CharField(max_length=200, required=False)


class Person(serializers.Serializer):
    number = serializers.RegexField(r"^\d{12}$")
    name = serializers.CharField(max_length=100, validators=[person_name])
    birth_date = serializers.DateField()
    residence = Address()


class Registrant(Person):
    identity_paper = serializers.CharField(max_length=200, required=False)


class Parent(Person):
    ethnicity = serializers.ChoiceField(ETHNICITIES)
    nationality = serializers.ChoiceField(NATIONALITIES)


class BirthAnswers(serializers.Serializer):
    registrant = Registrant()
    registrant_relation = serializers.ChoiceField(RELATIONS)
    contact_phone = serializers.RegexField(r"^0\d{9}$")
    contact_email = serializers.EmailField(max_length=120, required=False)
    child_case = serializers.ChoiceField(["ordinary", "surrogacy", "abandoned"])
    child_name = serializers.CharField(max_length=60, validators=[person_name])
    child_sex = serializers.ChoiceField(["male", "female"])
    child_birth_date = serializers.DateField()
    child_birth_time = serializers.CharField(max_length=20, required=False)
    birth_evidence = serializers.ChoiceField(["certificate", "witness", "pledge"])
    birth_certificate_number = serializers.CharField(max_length=40, required=False)
    born_at = serializers.ChoiceField(["facility", "elsewhere"])
    birth_facility = serializers.CharField(max_length=120, required=False)
    birth_address = Address()
    child_hometown = Address()
    child_ethnicity = serializers.ChoiceField(ETHNICITIES)
    child_nationality = serializers.ChoiceField(NATIONALITIES)
    mother = Parent()
    parents_married = serializers.BooleanField()
    father = Parent(required=False)
    copies = serializers.IntegerField(min_value=0, max_value=20)
    receive_way = serializers.ChoiceField(["desk", "post", "electronic"])
    delivery_address = Address(required=False)
    declaration = serializers.BooleanField()

    def validate(self, answers):
        problems = {}
        birth = answers["child_birth_date"]
        if birth > datetime.date.today():
            problems["child_birth_date"] = "Ngày sinh sau ngày nộp hồ sơ."
        if answers["mother"]["birth_date"] >= birth:
            problems["mother"] = "Ngày sinh của mẹ phải trước ngày sinh của con."
        father = answers.get("father")
        if answers["parents_married"] and not father:
            problems["father"] = "Hãy khai phần người cha."
        if father and father["birth_date"] >= birth:
            problems["father"] = "Ngày sinh của cha phải trước ngày sinh của con."
        if father and father["number"] == answers["mother"]["number"]:
            problems["father"] = "Số định danh của cha và của mẹ đang trùng nhau."
        if answers["child_nationality"] != "VN":
            problems["child_nationality"] = "Chỉ đăng ký cho trẻ có quốc tịch Việt Nam."
        if answers["born_at"] == "facility" and not answers.get("birth_facility"):
            problems["birth_facility"] = "Hãy ghi tên cơ sở y tế."
        if answers["receive_way"] == "post" and not answers.get("delivery_address"):
            problems["delivery_address"] = "Hãy ghi địa chỉ nhận."
        if not answers["declaration"]:
            problems["declaration"] = "Hãy xác nhận cam đoan."
        if problems:
            raise serializers.ValidationError(problems)
        return answers


class Filing(serializers.Serializer):
    procedure = serializers.CharField(max_length=60)
    unit = serializers.RegexField(r"^\d{5}$")
    answers = BirthAnswers()


class Summary(serializers.ModelSerializer):
    class Meta:
        model = Dossier
        fields = [
            "code", "procedure", "unit", "step", "state", "applicant_name", "about",
            "submitted_at", "due_at", "revision",
        ]


class Whole(Summary):
    class Meta(Summary.Meta):
        fields = [*Summary.Meta.fields, "answers"]
