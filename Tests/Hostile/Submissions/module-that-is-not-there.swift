// base: right
// expect: doesNotCompile 0
import CStolen
import FoundationNetworking
