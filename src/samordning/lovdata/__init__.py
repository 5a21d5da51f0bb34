"""Official texts of acts and regulations from Lovdata's public archives: import them, ask for them, check against them.

The texts are Lovdata's, under the Norwegian Licence for Open Government Data (NLOD) 2.0. They are kept in a store on
the user's own disk; the project itself holds only their hashes.
"""

from samordning.lovdata.store import OfficialText, Store, open_store
from samordning.lovdata.text import digest, normalise

__all__ = ["OfficialText", "Store", "digest", "normalise", "open_store"]
