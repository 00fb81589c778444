"""Bytes that libFuzzer makes up, steered by which lines they reach: the parser answers or refuses, and nothing else.

`python -m tests.learning.fuzzing -runs=N FOLDER`, where the folder holds the inputs to begin with.
"""

import sys

import atheris

with atheris.instrument_imports(include=["learning.xapi"]):
    from learning.xapi import Invalid, each_statement
    from learning.xapi.attachments import with_their_files
    from learning.xapi.normalising import normalised
    from learning.xapi.parameters import asked
    from learning.xapi.sameness import same_statement
    from learning.xapi.versions import Version


def parse(data: bytes) -> None:
    version = Version.TWO if data[:1] == b"2" else Version.ONE
    try:
        for entry in with_their_files(each_statement(data[1:], version), {}, in_list=True):
            normalised(entry.properties, entry.statement)
        same_statement(data[1:], data[1:])
    except Invalid:
        pass
    try:
        asked({"agent": [data[1:].decode(errors="surrogateescape")], "since": [data[1:].decode("latin-1")]})
    except Invalid:
        return


if __name__ == "__main__":
    atheris.Setup(sys.argv, parse)
    atheris.Fuzz()
