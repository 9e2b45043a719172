"""For tests of plugins, third parties' too: a host to run in, services that write down what is asked of them, events of
all kinds, and a check of everything that the contract asks of any plugin.

    async def test_it_keeps_the_contract(tmp_path):
        await check_plugin(setup, tmp_path)
"""

from plugins.testing.conformance import Checked, ContractBroken, check_plugin
from plugins.testing.events import all_kinds, talk
from plugins.testing.hosting import Hosted, NotedServices, hosted

__all__ = [
    "Checked",
    "ContractBroken",
    "Hosted",
    "NotedServices",
    "all_kinds",
    "check_plugin",
    "hosted",
    "talk",
]
