# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
"""Runs the tests of one module and prints one line of JSON for each case."""

import json
import sys
import unittest


class Lines(unittest.TestResult):
    def _line(self, test, outcome, message=""):
        name = getattr(test, "_testMethodName", str(test)).removeprefix("test_")
        case = {"name": name.replace("_", " "), "outcome": outcome, "message": message}
        print(json.dumps(case), flush=True)

    def addSuccess(self, test):
        self._line(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, "failed", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, "failed", self.errors[-1][1])

    def addSkip(self, test, reason):
        self._line(test, "skipped", reason)


if __name__ == "__main__":
    result = Lines()
    unittest.defaultTestLoader.loadTestsFromName(sys.argv[1]).run(result)
    sys.exit(not result.wasSuccessful())
