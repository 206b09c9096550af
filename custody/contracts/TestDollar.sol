// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A dollar token for tests and demonstrations: ERC-20 with 6 decimals, minted by whoever deployed it.
/// @dev Not for real money: it has one all-powerful issuer and no way to replace a lost key.
contract TestDollar {
    string public constant name = "Test Dollar";
    string public constant symbol = "TUSD";
    uint8 public constant decimals = 6;

    address public immutable issuer = msg.sender;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error NotIssuer();
    error NoAddress();
    error TooMuch();

    /// @notice Makes new units. The issuer alone may.
    function mint(address to, uint256 value) external {
        if (msg.sender != issuer) revert NotIssuer();
        if (to == address(0)) revert NoAddress();
        totalSupply += value;
        unchecked { balanceOf[to] += value; } // never above totalSupply, which was checked
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (value > allowed) revert TooMuch();
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        if (to == address(0)) revert NoAddress();
        if (value > balanceOf[from]) revert TooMuch();
        unchecked {
            balanceOf[from] -= value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}
