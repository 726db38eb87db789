"""`python pandas.py FILE [tables]`: the same question, put to pandas; with `tables` also those by node, phase and outcome."""
import importlib
import json
import sys

# This file bears the name of the package.
sys.path.pop(0)
pd = importlib.import_module("pandas")

path = sys.argv[1]
ours = "nine" in path
columns = ["timestamp", "latency_ms", "outcome"] if ours else ["timestamp", "status_code", "latency_ms", "error"]
tables = sys.argv[2:] == ["tables"]
groups = [column for column in ("node", "phase", "outcome") if ours or column == "node"] if tables else []
rows = pd.read_csv(path, usecols=[*columns, *(group for group in groups if group not in columns)])
ok = rows.outcome == "ok" if ours else rows.error.isna() & (rows.status_code < 400)
shares = [0.5, 0.95, 0.99]
for group in groups:
    rows.groupby(group).latency_ms.agg(["size", "mean", "max"])
    rows.groupby(group).latency_ms.quantile(shares)
rows = pd.DataFrame({"sec": rows.timestamp.astype("int64"), "ok": ok, "ms": rows.latency_ms})
by_second = rows.groupby("sec")
counts = by_second.ok.agg(["size", "sum"])
quantiles = by_second.ms.quantile(shares).unstack()
print(
    json.dumps(
        {
            "whole": [len(rows), int(rows.ok.sum()), *rows.ms.quantile(shares)],
            "seconds": [
                [int(size), int(good), *of]
                for (size, good), of in zip(counts.itertuples(index=False), quantiles.itertuples(index=False))
            ],
        }
    )
)
