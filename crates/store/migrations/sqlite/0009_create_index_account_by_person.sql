CREATE INDEX account_by_person ON account (person_number);
