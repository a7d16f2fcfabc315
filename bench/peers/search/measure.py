"""Ranked questions over the codified law with what a team would take instead: PostgreSQL full text and SQLite FTS5.

    bench/peers/search/run CORPUS.jsonl.zst QUESTIONS.jsonl [rows.jsonl]

Both get the same text (heading and body), both answer the question's words joined by OR, ranked, ten best: as a
person types a question. PostgreSQL has the configuration `simple`, since it knows no Vietnamese; SQLite its
`unicode61` with tones kept. One thread, everything in memory after the first questions.
"""

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

import psycopg


def articles(path):
    lines = subprocess.Popen(["zstd", "-dc", path], stdout=subprocess.PIPE)
    seen = set()
    for line in lines.stdout:
        article = json.loads(line)
        if article["anchor"] not in seen:
            seen.add(article["anchor"])
            yield article["anchor"], article["title"], article["text"]


def words(question):
    return list(dict.fromkeys(re.findall(r"\w+", question.lower())))


def measured(name, ask, questions, rows):
    for question in questions[:5]:
        ask(words(question["question"]))
    times, mrr, r1, r10 = [], 0.0, 0.0, 0.0
    for question in questions:
        start = time.perf_counter()
        found = ask(words(question["question"]))
        times.append((time.perf_counter() - start) * 1000)
        ranks = [rank for rank, anchor in enumerate(found) if anchor in question["relevant"]]
        mrr += 1 / (ranks[0] + 1) if ranks else 0
        r1 += sum(rank < 1 for rank in ranks) / len(question["relevant"])
        r10 += len(ranks) / len(question["relevant"])
    times.sort()
    count = len(questions)
    row = {
        "target": name, "n": count, "mrr_at_10": round(mrr / count, 4), "recall_at_1": round(r1 / count, 4),
        "recall_at_10": round(r10 / count, 4), "p50_ms": round(times[count // 2], 2),
        "p99_ms": round(times[int(count * 0.99)], 2),
    }
    print(json.dumps(row))
    if rows:
        with open(rows, "a") as out:
            out.write(json.dumps(row) + "\n")


def fts5(corpus, questions, rows):
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE a USING fts5(anchor UNINDEXED, title, text, tokenize='unicode61 remove_diacritics 0')")
    start = time.perf_counter()
    database.executemany("INSERT INTO a VALUES (?, ?, ?)", articles(corpus))
    database.commit()
    print(f"SQLite FTS5: filled in {time.perf_counter() - start:.1f} s", file=sys.stderr)

    def ask(terms):
        match = " OR ".join(f'"{term}"' for term in terms)
        found = database.execute("SELECT anchor FROM a WHERE a MATCH ? ORDER BY bm25(a, 0, 2.0, 1.0) LIMIT 10", (match,))
        return [anchor for anchor, in found]

    measured("sqlite-fts5", ask, questions, rows)


def postgres(corpus, questions, rows):
    with psycopg.connect(os.environ["TUPHAP_TEST_POSTGRES"], autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS a")
        connection.execute("CREATE TABLE a (anchor text, t tsvector)")
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE raw (anchor text, title text, text text)")
            with cursor.copy("COPY raw FROM STDIN") as copy:
                for row in articles(corpus):
                    copy.write_row(row)
            cursor.execute(
                "INSERT INTO a SELECT anchor, setweight(to_tsvector('simple', title), 'A') || "
                "to_tsvector('simple', left(text, 400000)) FROM raw"
            )
            cursor.execute("CREATE INDEX ON a USING gin (t)")
            cursor.execute("VACUUM ANALYZE a")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        print(f"PostgreSQL: filled in {time.perf_counter() - start:.1f} s", file=sys.stderr)

        def ask(terms):
            query = " | ".join(terms)
            found = connection.execute(
                "SELECT anchor FROM a WHERE t @@ to_tsquery('simple', %s) "
                "ORDER BY ts_rank(t, to_tsquery('simple', %s)) DESC LIMIT 10", (query, query),
            )
            return [anchor for anchor, in found]

        measured("postgres-full-text", ask, questions, rows)


arguments = argparse.ArgumentParser()
arguments.add_argument("corpus")
arguments.add_argument("questions")
arguments.add_argument("rows", nargs="?")
arguments.add_argument("--first", type=int, default=200, help="questions asked, from the first")
given = arguments.parse_args()
with open(given.questions) as lines:
    asked = [json.loads(line) for line in lines][: given.first]
fts5(given.corpus, asked, given.rows)
postgres(given.corpus, asked, given.rows)
