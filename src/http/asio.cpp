// The compiled halves of the network library, apart from server.cpp so that an edit there stays cheap.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
